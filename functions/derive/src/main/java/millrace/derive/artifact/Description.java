package millrace.derive.artifact;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;

/** One contract told to a person or to a program. */
public final class Description {
  private Description() {}

  /** The page of the data dictionary, in Markdown. */
  public static String text(Contract contract) {
    return DictionaryPage.of(contract);
  }

  /** {@code {"type", "source", ..., "columns": [{"name", "path", "type", ...}]}}, staging names. */
  public static String json(Contract contract) {
    TypeNames names = TypeNames.of(contract);
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("type", contract.type());
    json.put("description", Comments.of(contract.descriptor()));
    json.put("source", contract.source());
    var sources = json.putArray("json_sources");
    for (JsonPaths source : contract.jsonSources()) {
      var paths = sources.addObject().put("source", source.source()).putArray("personal_paths");
      source
          .personal()
          .forEach(
              each ->
                  paths
                      .addObject()
                      .put("path", JsonPaths.text(each.path()))
                      .put("pii", Protection.names(List.of(each.pii())))
                      .put("subject", JsonPaths.text(each.subject())));
    }
    json.put("owner", contract.owner());
    var id = json.putArray("event_id");
    contract.eventId().forEach(field -> id.add(field.getName()));
    var key = json.putArray("key");
    contract.key().forEach(field -> key.add(field.getName()));
    FieldDescriptor time = contract.eventTime();
    json.put("event_time", time == null ? null : time.getName());
    json.put("deletes", contract.deletes());
    json.put("raw_table", names.rawTable());
    json.put("staging", names.staging());
    json.put("deduplicated", names.deduplicated());
    var columns = json.putArray("columns");
    for (StagingColumn column : StagingColumn.of(contract)) {
      columns
          .addObject()
          .put("name", column.name())
          .put("path", column.path())
          .put("type", column.cast())
          .put("pii", column.protection().piiTag())
          .put("restricted", column.protection().restricted())
          .put("description", column.description());
    }
    return json.toPrettyString() + "\n";
  }
}
