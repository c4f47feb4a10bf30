package twemlab.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a result depends on beside the program.
public final class Machine {
  private Machine() {}

  /// The load average, to be asked before the run: it should be near 0.
  public static String load() {
    try {
      return Files.readString(Path.of("/proc/loadavg")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /// Processor, kernel and JDK, in the order in which a result lists them.
  ///
  /// @param load what [#load] returned before the run
  public static Map<String, String> facts(String load) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.put("processor", processor());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "jdk",
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
    facts.put("load average before", load);
    return facts;
  }

  /// The processor's name with family, model and stepping, because a virtual machine's name may say
  /// no more than the maker: ratios of one processor do not hold for another.
  static String processor() {
    try {
      return processor(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return "unknown";
    }
  }

  static String processor(List<String> cpuinfo) {
    String name = field(cpuinfo, "model name");
    String family = field(cpuinfo, "cpu family");
    return family.isEmpty()
        ? name.isEmpty() ? "unknown" : name
        : name
            + " (family "
            + family
            + ", model "
            + field(cpuinfo, "model")
            + ", stepping "
            + field(cpuinfo, "stepping")
            + ")";
  }

  /// The first line of that name, `name<tab>: value`.
  private static String field(List<String> cpuinfo, String name) {
    for (String line : cpuinfo) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }
}
