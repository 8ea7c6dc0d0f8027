package millrace.local.generate;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import millrace.core.contract.Contract;
import millrace.core.file.NdjsonEncoder;
import millrace.core.row.MetadataColumn;
import millrace.core.row.RowSchema;
import millrace.local.publish.EventLines;
import org.jspecify.annotations.Nullable;

/** Valid events as JSON lines that a user can edit: {@link EventLines} reads them. */
public final class SampleLines {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGE = 100_000;

  private final Instant now;
  private final long seed;

  /**
   * @param seed another one gives other events, so that two samples do not meet
   */
  public SampleLines(Instant now, long seed) {
    this.now = now;
    this.seed = seed;
  }

  /**
   * @param contract one of the contracts
   */
  public List<String> lines(Contract contract, int count) {
    var lines = new ArrayList<String>();
    if (!contract.jsonSources().isEmpty()) {
      var json = new SampleJson(seed);
      while (lines.size() < count) {
        lines.add(json.line(contract));
      }
      return lines;
    }
    Supplier<Message> next = messages(contract);
    while (lines.size() < count) {
      lines.add(line(contract, next.get()));
    }
    return lines;
  }

  private Supplier<Message> messages(Contract contract) {
    var generated = new Generated(contract);
    if (generated.advance() != null) {
      return new Generated(contract);
    }
    var plain = new PlainMessages(now, seed);
    return () -> plain.create(contract);
  }

  /** The events of one type that the generator makes, run after run. */
  private final class Generated implements Supplier<Message> {
    private final Contract contract;
    private long run = seed;
    private EventGenerator generator = generator();

    Generated(Contract contract) {
      this.contract = contract;
    }

    private EventGenerator generator() {
      return new EventGenerator(new GeneratorSettings(2_000, run, now));
    }

    @Override
    public Message get() {
      @Nullable Message message = advance();
      if (message == null) {
        run++;
        generator = generator();
        message = advance();
      }
      if (message == null) {
        throw new IllegalStateException("the generator makes no " + contract.type());
      }
      return message;
    }

    private @Nullable Message advance() {
      while (generator.hasNext()) {
        GeneratedEvent each = generator.next();
        if (each.event().type().equals(contract.type())
            && each.failure().isEmpty()
            && !each.isRepeat()
            && each.event().payload().length < LARGE) {
          return parse(each.event().payload());
        }
      }
      return null;
    }

    private Message parse(byte[] payload) {
      try {
        DynamicMessage message = DynamicMessage.parseFrom(contract.descriptor(), payload);
        return contract.source().equals("cards") ? message : withOwnKey(message);
      } catch (InvalidProtocolBufferException impossible) {
        throw new IllegalStateException("the generator made no " + contract.type(), impossible);
      }
    }

    /**
     * Orders of two samples would else share their numbers, and the later ones replace the earlier
     * ones.
     */
    private Message withOwnKey(DynamicMessage message) {
      var builder = message.toBuilder();
      for (var field : contract.key()) {
        builder.setField(
            field, message.getField(field) + "-" + Long.toHexString(run & 0xFFFFFFFFL));
      }
      return builder.build();
    }
  }

  /** With the values that a row has before treatment: what a producer would write. */
  private static String line(Contract contract, Message message) {
    RowSchema schema = RowSchema.of(contract);
    int fields = schema.position(MetadataColumn.EVENT_ID);
    @Nullable Object[] values = schema.payloadValues(message);
    byte[] file =
        NdjsonEncoder.gzip()
            .encode(
                "sample",
                schema.columns().subList(0, fields),
                List.<@Nullable Object[]>of(java.util.Arrays.copyOf(values, fields)));
    try (var text = new GZIPInputStream(new ByteArrayInputStream(file))) {
      ObjectNode line = JSON.createObjectNode().put(EventLines.TYPE, contract.type());
      line.setAll(
          (ObjectNode) JSON.readTree(new String(text.readAllBytes(), StandardCharsets.UTF_8)));
      return JSON.writeValueAsString(line);
    } catch (JacksonException e) {
      throw new IllegalStateException("the encoder wrote no JSON", e);
    } catch (IOException impossible) {
      throw new IllegalStateException("reading from memory failed", impossible);
    }
  }
}
