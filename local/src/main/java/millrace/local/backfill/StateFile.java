package millrace.local.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.backfill.BackfillState.Range;
import millrace.local.backfill.BackfillState.Watermark;
import millrace.local.backfill.SourceTable.KeyRange;
import millrace.local.backfill.SourceTable.Position;
import org.jspecify.annotations.Nullable;

/**
 * A state in one JSON file: written beside it, forced to the disk and moved over it, so that a
 * process that dies at any point leaves the old one or the new one. One process has it at a time.
 * It holds keys of rows, and nothing else of them.
 */
public final class StateFile implements Ledger {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  private final Path file;
  private final FileChannel lock;

  private StateFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /**
   * @throws SetupFailure when another process has it
   */
  public static StateFile open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      FileChannel channel =
          FileChannel.open(
              file.resolveSibling(file.getFileName() + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new SetupFailure("this table is being backfilled by another process: " + file);
      }
      return new StateFile(file, channel);
    } catch (IOException e) {
      throw new SetupFailure("cannot use " + file + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public Optional<BackfillState> read() {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      if (json.path("format").asInt() != FORMAT) {
        throw new SetupFailure(
            file + " was written by another version of millrace: remove it and begin again");
      }
      return Optional.of(state(json));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SetupFailure(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void write(BackfillState state) {
    Path half = file.resolveSibling(file.getFileName() + ".half");
    try {
      try (FileChannel out =
          FileChannel.open(
              half,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json(state)));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot close " + file + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode json(BackfillState state) {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
    ObjectNode subject = json.putObject("subject");
    new TreeMap<>(state.subject()).forEach(subject::put);
    json.put("started_at", state.startedAt().toString())
        .put("rows", state.rows())
        .put("unreadable", state.unreadable())
        .put("batches", state.batches())
        .put("finished", state.isFinished());
    ArrayNode ranges = json.putArray("ranges");
    for (Range range : state.ranges()) {
      ObjectNode each = ranges.addObject();
      put(each, "from", range.keys().from());
      put(each, "to", range.keys().to());
      put(each, "after", range.after());
      each.put("done", range.isDone());
    }
    @Nullable Watermark watermark = state.watermark();
    if (watermark != null) {
      ObjectNode each = json.putObject("watermark");
      put(each, "reached", watermark.reached());
      put(each, "target", watermark.target());
      each.put("passes", watermark.passes()).put("caught_up", watermark.isCaughtUp());
      @Nullable Position after = watermark.after();
      if (after != null) {
        put(each, "after", after.watermark());
        put(each, "after_key", after.key());
      }
    }
    return json;
  }

  private static BackfillState state(JsonNode json) {
    Map<String, String> subject = new TreeMap<>();
    json.path("subject")
        .properties()
        .forEach(entry -> subject.put(entry.getKey(), entry.getValue().asText()));
    List<Range> ranges = new ArrayList<>();
    for (JsonNode range : json.path("ranges")) {
      ranges.add(
          new Range(
              new KeyRange(texts(range.path("from")), texts(range.path("to"))),
              texts(range.path("after")),
              range.path("done").asBoolean()));
    }
    JsonNode watermark = json.path("watermark");
    @Nullable List<String> afterKey = texts(watermark.path("after_key"));
    return new BackfillState(
        subject,
        Instant.parse(json.path("started_at").asText()),
        ranges,
        watermark.isMissingNode()
            ? null
            : new Watermark(
                instant(watermark.path("reached")),
                watermark.path("passes").asInt(),
                instant(watermark.path("target")),
                afterKey == null ? null : new Position(instant(watermark.path("after")), afterKey),
                watermark.path("caught_up").asBoolean()),
        json.path("rows").asLong(),
        json.path("unreadable").asLong(),
        json.path("batches").asLong(),
        json.path("finished").asBoolean());
  }

  private static void put(ObjectNode into, String name, @Nullable List<String> texts) {
    if (texts != null) {
      ArrayNode array = into.putArray(name);
      texts.forEach(array::add);
    }
  }

  private static void put(ObjectNode into, String name, @Nullable Instant instant) {
    if (instant != null) {
      into.put(name, instant.toString());
    }
  }

  private static @Nullable List<String> texts(JsonNode array) {
    if (!array.isArray()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static @Nullable Instant instant(JsonNode text) {
    return text.isTextual() ? Instant.parse(text.asText()) : null;
  }
}
