package millrace.local.aws;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How MiniStack is started: everything on loopback, nothing in the user's home.
 *
 * @param data where objects, state and temporary files go; each run that must not see another's has
 *     its own
 * @param account the account it plays; the stack's account must be the same
 * @param region the region it plays
 * @param port a free port of loopback
 * @param functions where invocations of a function go, by the function's literal name: our Lambda
 *     host
 */
public record MiniStackCommand(
    Path data, String account, String region, int port, Map<String, URI> functions) {

  public MiniStackCommand {
    functions = Map.copyOf(functions);
  }

  /** Where all services answer. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The folder of one bucket: its objects are plain files under their keys. */
  public Path objects(String bucket) {
    return data.resolve("s3").resolve(account).resolve(bucket);
  }

  /** Every variable that is set for the child. */
  public Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    // Its default is every interface of the machine.
    environment.put("BIND_HOST", "127.0.0.1");
    environment.put("MINISTACK_HOST", "127.0.0.1");
    environment.put("GATEWAY_PORT", Integer.toString(port));
    // Both open fixed ports of their own, which two runs would fight over.
    environment.put("IOT_MTLS_ENABLED", "0");
    environment.put("SFTP_ENABLED", "0");
    environment.put("MINISTACK_REGION", region);
    environment.put("AWS_DEFAULT_REGION", region);
    environment.put("MINISTACK_ACCOUNT_ID", account);
    environment.put("S3_PERSIST", "1");
    environment.put("S3_DATA_DIR", data.resolve("s3").toString());
    environment.put("MILLRACE_QUEUE_FOLDER", data.resolve("queues").toString());
    environment.put("MILLRACE_ITEM_FOLDER", data.resolve("items").toString());
    environment.put("STATE_DIR", data.resolve("state").toString());
    environment.put("TMPDIR", data.resolve("tmp").toString());
    environment.put("AWS_ENDPOINT_URL", endpoint().toString());
    // Without it a function that has no proxy answers a made-up success, and the mapping deletes
    // the messages.
    environment.put("LAMBDA_STRICT", "1");
    // Stacks, topics and mappings too are there again after a restart.
    environment.put("PERSIST_STATE", "1");
    functions.forEach(
        (name, url) -> environment.put("MINISTACK_LAMBDA_PROXY_" + name, url.toString()));
    return environment;
  }
}
