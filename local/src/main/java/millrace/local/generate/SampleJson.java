package millrace.local.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.contract.JsonPaths.Personal;
import millrace.core.contract.JsonPaths.Step;
import millrace.local.publish.EventLines;

/**
 * Schema-less JSON of the sources of a contract, in turn. All that is known of it is where it is
 * personal: each of these paths has a value, and so have the persons that it is encrypted for.
 */
final class SampleJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SplittableRandom random;
  private int made;

  SampleJson(long seed) {
    this.random = new SplittableRandom(seed);
  }

  String line(Contract contract) {
    JsonPaths source = contract.jsonSources().get(made % contract.jsonSources().size());
    made++;
    ObjectNode line = JSON.createObjectNode();
    line.put(EventLines.TYPE, contract.type());
    line.put(EventLines.SOURCE, source.source());
    line.put(EventLines.EVENT_ID, new UUID(random.nextLong(), random.nextLong()).toString());
    ObjectNode payload = line.putObject(Contract.JSON_PAYLOAD);
    payload.put("sequence", made).put("weight", made / 4.0);
    for (Personal personal : source.personal()) {
      put(payload, personal.path());
      put(payload, personal.subject());
    }
    line.put(Contract.JSON_STATED_TYPE, source.source() + ".sample.made");
    return line.toString();
  }

  private void put(ObjectNode object, List<Step> path) {
    if (path.isEmpty()) {
      return;
    }
    Step step = path.getFirst();
    if (path.size() > 1) {
      put(
          step.eachElement()
              ? (ObjectNode)
                  (object.has(step.member())
                      ? object.get(step.member()).get(0)
                      : object.putArray(step.member()).addObject())
              : object.withObjectProperty(step.member()),
          path.subList(1, path.size()));
    } else if (!object.has(step.member())) {
      String value = step.member() + "-" + made;
      if (step.eachElement()) {
        object.putArray(step.member()).add(value);
      } else {
        object.put(step.member(), value);
      }
    }
  }
}
