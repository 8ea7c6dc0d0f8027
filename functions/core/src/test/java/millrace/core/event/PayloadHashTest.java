package millrace.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import millrace.core.Contracts;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.CanonicalId;
import org.junit.jupiter.api.Test;

class PayloadHashTest {
  private final PayloadHash hash =
      new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8));

  @Test
  void the_canonical_payload_does_not_depend_on_how_the_producer_wrote_it() throws Exception {
    ByteString plain =
        AllKinds.newBuilder()
            .setAString("x")
            .setAnInt32(5)
            .addInt32S(1)
            .addInt32S(2)
            .build()
            .toByteString();
    byte[] otherwise =
        wire(
            out -> {
              // not packed, out of order, an explicit default, and a value that is overwritten
              out.writeInt32(36, 1);
              out.writeString(14, "overwritten");
              out.writeBool(1, false);
              out.writeInt32(36, 2);
              out.writeString(14, "x");
              out.writeInt32(2, 5);
            });

    assertThat(hash.of(parse("AllKinds", ByteString.copyFrom(otherwise))))
        .isEqualTo(hash.of(parse("AllKinds", plain)));
  }

  @Test
  void map_entries_count_by_key_and_not_by_order() throws Exception {
    var a = CanonicalId.newBuilder().putTags("a", "1").putTags("b", "2").build();
    var b = CanonicalId.newBuilder().putTags("b", "2").putTags("a", "1").build();

    assertThat(hash.of(parse("CanonicalId", b.toByteString())))
        .isEqualTo(hash.of(parse("CanonicalId", a.toByteString())));
  }

  @Test
  void another_value_an_unknown_field_or_another_key_give_another_hash() throws Exception {
    Message one =
        parse("CanonicalId", CanonicalId.newBuilder().setText("1").build().toByteString());
    Message two =
        parse("CanonicalId", CanonicalId.newBuilder().setText("2").build().toByteString());
    Message more =
        parse(
            "CanonicalId",
            ByteString.copyFrom(
                wire(
                    out -> {
                      out.writeString(1, "1");
                      out.writeString(99, "unknown");
                    })));
    var otherKey = new PayloadHash("another key of many bytes".getBytes(StandardCharsets.UTF_8));

    assertThat(hash.of(one))
        .isNotEqualTo(hash.of(two))
        .isNotEqualTo(hash.of(more))
        .isNotEqualTo(otherKey.of(one));
  }

  @Test
  void a_hash_names_the_key_it_was_made_with() throws Exception {
    Message message =
        parse("CanonicalId", CanonicalId.newBuilder().setText("1").build().toByteString());

    // computed with another language's HMAC; the stored hashes of all rows depend on it
    assertThat(hash.of(message))
        .isEqualTo(
            "f1c1b417:" + "4e713f1405ca465d0898b2fd17d7f461a733f64e24a9fd73cfaa2901a1c4189a");
  }

  @Test
  void a_short_key_is_refused() {
    assertThatThrownBy(() -> new PayloadHash(new byte[15]))
        .hasMessageContaining("less than 16 bytes");
  }

  private static Message parse(String message, ByteString bytes) throws IOException {
    return DynamicMessage.parseFrom(Contracts.testing(message).descriptor(), bytes);
  }

  private interface Wire {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] wire(Wire wire) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = CodedOutputStream.newInstance(bytes);
    wire.write(out);
    out.flush();
    return bytes.toByteArray();
  }
}
