package twemlab.sim.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import twemlab.event.kernel.Kernel;
import twemlab.proxy.trace.TraceFile;
import twemlab.proxy.trace.TraceHead;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.World;

/// The trace of a simulated run of a program that is not the proxy, such as a student's: a page for
/// the viewer. The kernel under the program is named `proxy`, the clients' host `client`, and all
/// speak redis' protocol.
public final class ProgramTrace implements Closeable {
  private final SimTrace trace;
  private final Kernel kernel;

  private ProgramTrace(SimTrace trace, SimKernel kernel) {
    this.trace = trace;
    this.kernel = trace.around(kernel);
  }

  /// Begins a page.
  ///
  /// @param file of the page; its folder is made
  /// @param title what is run
  /// @param servers the names of the servers' hosts
  /// @throws IOException if the file cannot be written
  public static ProgramTrace open(
      Path file, String title, long seed, List<String> servers, World world, SimKernel kernel)
      throws IOException {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("seed", String.valueOf(seed));
    about.put("platform", world.settings().platform().toString());
    List<TraceHead.Lane> lanes = new ArrayList<>();
    lanes.add(new TraceHead.Lane("client", "client"));
    servers.forEach(each -> lanes.add(new TraceHead.Lane(each, "server")));
    Files.createDirectories(file.toAbsolutePath().getParent());
    TraceHead head = new TraceHead(title, about, lanes);
    TraceFile page = TraceFile.create(file, TraceFile.Form.HTML, head, TraceFile.Options.NONE);
    SimTrace trace = new SimTrace(page, _ -> true);
    world.trace().listen(trace);
    return new ProgramTrace(trace, kernel);
  }

  /// The kernel to be handed to the program.
  public Kernel kernel() {
    return kernel;
  }

  /// The run failed, at the latest step.
  public void violation(String text) {
    try {
      trace.violation(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes the page.
  @Override
  public void close() {
    try {
      trace.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
