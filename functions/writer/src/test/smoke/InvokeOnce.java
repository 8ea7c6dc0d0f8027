import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import millrace.writer.WriterHandler;

/**
 * Stands in for Lambda: makes the handler as Lambda does and hands it one message, whose body is
 * the argument.
 */
public final class InvokeOnce {
  public static void main(String[] arguments) {
    long start = System.nanoTime();
    var message = new SQSEvent.SQSMessage();
    message.setMessageId("1");
    message.setBody(arguments[0]);
    message.setAttributes(Map.of("SentTimestamp", "1795132800000"));
    var event = new SQSEvent();
    event.setRecords(List.of(message));
    var context =
        (Context)
            Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, args) -> 60_000);
    var answer = new WriterHandler().handleRequest(event, context);
    System.out.println("failures: " + answer.getBatchItemFailures().size());
    System.out.println(
        "handler made and one message written in "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
  }
}
