package millrace.local.process;

import java.util.ArrayList;
import java.util.List;
import millrace.local.state.Checkout;

/** Command of a child that runs a Python module, on a leash. */
public final class PythonProcess {
  private PythonProcess() {}

  public static List<String> command(Checkout checkout, List<String> moduleAndArguments) {
    return command(checkout, List.of(), moduleAndArguments);
  }

  /** For a module that prints no ready line itself: the leash asks this URL and prints it. */
  public static List<String> command(
      Checkout checkout, String readyUrl, int port, List<String> moduleAndArguments) {
    return command(
        checkout,
        List.of("--ready-url", readyUrl, "--port", Integer.toString(port)),
        moduleAndArguments);
  }

  private static List<String> command(
      Checkout checkout, List<String> leashOptions, List<String> moduleAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout.python().toString());
    command.add("-u");
    command.add(checkout.home().resolve("local/python/leash.py").toString());
    command.addAll(leashOptions);
    command.addAll(moduleAndArguments);
    return command;
  }
}
