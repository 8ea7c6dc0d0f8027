package millrace.local.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import millrace.core.event.Times;
import millrace.core.file.ObjectStore.Listed;

/** Notices as S3 writes them, so that a pipe cannot tell them apart. */
public final class FileNotices {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FileNotices() {}

  /**
   * The message about one object. S3 encodes keys like a form; of their characters only {@code =}
   * is touched by that.
   */
  public static String of(String bucket, String region, Listed object, Instant now) {
    ObjectNode json = JSON.createObjectNode();
    ObjectNode record = json.putArray("Records").addObject();
    record
        .put("eventVersion", "2.1")
        .put("eventSource", "aws:s3")
        .put("awsRegion", region)
        .put("eventTime", Times.text(now))
        .put("eventName", "ObjectCreated:Put");
    ObjectNode s3 = record.putObject("s3").put("s3SchemaVersion", "1.0");
    s3.put("configurationId", "renotify");
    s3.putObject("bucket").put("name", bucket).put("arn", "arn:aws:s3:::" + bucket);
    s3.putObject("object").put("key", object.key().replace("=", "%3D")).put("size", object.bytes());
    return json.toString();
  }
}
