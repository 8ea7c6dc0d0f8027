package millrace.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  private static String canonical(String json) throws InvalidJsonException {
    return JsonText.canonical(JsonText.object(ByteString.copyFromUtf8(json)));
  }

  @Test
  void one_value_has_one_text_however_it_was_written() throws Exception {
    assertThat(
            canonical(
                """
                \uFEFF { "b" : [ 1.0, 1e2 , -0, "\\u00e4\\/\\ud83d\\ude00" ], "" : null,
                  "a" : { "z" : true, "y" : false } }
                """))
        .isEqualTo("{\"\":null,\"a\":{\"y\":false,\"z\":true},\"b\":[1,100,0,\"ä/\uD83D\uDE00\"]}");
    assertThat(canonical("{}")).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775808, 9223372036854775808",
    "99999999999999999999999999999999999999, 99999999999999999999999999999999999999",
    "0.1234567890123456789012345678901234567, 0.1234567890123456789012345678901234567",
    "1234567890.1234567890123456789012345678, 1234567890.1234567890123456789012345678",
    "1.50, 1.5",
    "1E+2, 100",
    "12e-1, 1.2",
    "1e37, 10000000000000000000000000000000000000",
    "1e300, 1E+300",
    "-4.9e-324, -4.9E-324",
    "1.7976931348623157e308, 1.7976931348623157E+308",
    "0.0e999999, 0",
  })
  void a_number_is_kept_exactly(String number, String kept) throws Exception {
    assertThat(canonical("{\"n\":" + number + "}")).isEqualTo("{\"n\":" + kept + "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000000000000000000000000000000000001",
        "0.00000000000000000000000000000000000001234567890123456789",
        "12345678901234567890.1234567890123456789",
        "1e309",
        "1e-400",
        "1e99999999999",
        "1e-2147483647",
        "1.7976931348623157123e308"
      })
  void a_number_that_would_lose_digits_is_refused(String number) {
    assertThatThrownBy(() -> canonical("{\"n\":" + number + "}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("more digits than a column keeps");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"canary":1,"canary":1}   | an object has a member twice
          {"a":{"b":1,"b":2}}       | an object has a member twice
          [1]                       | not an object
          "canary"                  | not an object
          null                      | not an object
          {"a":NaN}                 | not JSON at character
          {"a":Infinity}            | not JSON at character
          {"a":canary}              | not JSON at character
          {"a":01}                  | not JSON at character
          {"a":1} {}                | not JSON at character 8
          {"a":1                    | not JSON at character
          {'a':1}                   | not JSON at character 1
          {"a":1,}                  | not JSON at character
          {"a":1}/*canary*/         | not JSON at character
          {"a":"\\ud83d"}           | half a character
          {"\\ude00":1}             | half a character
          {"a":"\\ude00\\ud83d"}    | half a character
          """)
  void what_readers_do_not_agree_on_is_refused_without_a_value(String json, String reason) {
    assertThatThrownBy(() -> canonical(json.replace("\\\\", "\\")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("canary");
  }

  @Test
  void other_encodings_than_utf_8_are_refused() {
    ByteString latin = ByteString.copyFrom("{\"a\":\"ä\"}".getBytes(StandardCharsets.ISO_8859_1));
    ByteString utf16 = ByteString.copyFrom("{\"a\":\"ä\"}".getBytes(StandardCharsets.UTF_16));

    assertThatThrownBy(() -> JsonText.object(latin)).hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> JsonText.object(utf16)).hasMessageContaining("not UTF-8");
  }

  @Test
  void depth_and_size_have_an_end() throws Exception {
    int deepest = JsonText.MAX_DEPTH - 1;
    String deep = "{\"a\":" + "[".repeat(deepest) + "]".repeat(deepest) + "}";
    String deeper = "{\"a\":" + "[".repeat(deepest + 1) + "]".repeat(deepest + 1) + "}";
    String bottomless = "{\"a\":" + "[".repeat(1_000_000);
    String large = "{\"a\":\"" + "x".repeat(JsonText.MAX_BYTES - 8) + "\"}";

    assertThat(canonical(deep)).isEqualTo(deep);
    assertThat(canonical(large)).hasSize(JsonText.MAX_BYTES);
    assertThatThrownBy(() -> canonical(deeper)).hasMessageContaining("nested deeper than 100");
    assertThatThrownBy(() -> canonical(bottomless)).hasMessageContaining("nested deeper than 100");
    assertThatThrownBy(() -> canonical(large + " ")).hasMessageContaining("larger than a column");
  }
}
