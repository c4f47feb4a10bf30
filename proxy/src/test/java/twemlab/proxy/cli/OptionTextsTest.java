package twemlab.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import twemlab.proxy.conf.ListenCheck;

/// What an upstream build of nutcracker 0.5.0 printed, compared byte for byte.
final class OptionTextsTest {
  private static final List<String> BACKENDS = List.of("epoll", "poll");
  private static final Pattern RUN =
      Pattern.compile("\\$ nutcracker ([^\n]*)\n(.*?)\\[exit (\\d+)\\]\n", Pattern.DOTALL);

  /// One command line of `options.txt`; `printed` lacks the usage text after a reason.
  record Run(List<String> arguments, String printed, int exitCode) {}

  static List<Run> runs() throws IOException {
    List<Run> runs = new ArrayList<>();
    Matcher matcher = RUN.matcher(resource("options.txt"));
    while (matcher.find()) {
      List<String> arguments = Arrays.asList(Pattern.compile(" ").split(matcher.group(1)));
      runs.add(new Run(arguments, matcher.group(2), Integer.parseInt(matcher.group(3))));
    }
    return runs;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = OptionTextsTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static NutcrackerInfo answer(List<String> arguments) {
    try {
      NutcrackerOptions options = NutcrackerOptions.parse(arguments, BACKENDS);
      return switch (options.action()) {
        case INFORM -> NutcrackerInfo.inform(options);
        case TEST_CONF -> NutcrackerInfo.testConf(options, ListenCheck.NONE, 1024);
        case RUN -> throw new AssertionError("would run: " + arguments);
      };
    } catch (UsageException e) {
      return NutcrackerInfo.misuse(e);
    }
  }

  @Test
  void allRunsAreThere() throws IOException {
    assertThat(runs()).hasSize(24);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void printsAndExitsAsNutcracker(Run run) throws IOException {
    NutcrackerInfo answer = answer(run.arguments());
    assertThat(answer.exitCode()).isEqualTo(run.exitCode());
    if (run.arguments().contains("absent.yml")) {
      assertThat(answer.text()).startsWith("conf: failed to open").endsWith(run.printed());
    } else if (run.exitCode() == 0) {
      // The data leaves the usage out here too.
      assertThat(answer.text().replace(NutcrackerTexts.help(), "")).isEqualTo(run.printed());
    } else {
      List<String> lines = answer.text().lines().toList();
      assertThat(lines.get(0) + "\n\n").isEqualTo(run.printed());
      assertThat(lines.get(1)).contains("accepted: ");
      assertThat(answer.text()).endsWith("\n" + NutcrackerTexts.usage());
    }
  }

  @Test
  void usageFollowsAReasonFromUsageOn() throws IOException {
    String help = resource("help.txt");
    assertThat(NutcrackerTexts.usage()).isEqualTo(help.substring(help.indexOf("Usage:")));
  }

  @Test
  void informationIsNutcrackers() throws IOException {
    assertThat(answer(List.of("-h")).text()).startsWith(resource("help.txt"));
    assertThat(answer(List.of("-V")).text()).isEqualTo(resource("version.txt"));
    assertThat(answer(List.of("-D")).text()).isEqualTo(resource("describe-stats.txt"));
    assertThat(answer(List.of("-D", "-h")).text())
        .startsWith(answer(List.of("-h")).text())
        .endsWith("stats:\n" + lastSection(resource("describe-stats.txt")));
  }

  @Test
  void optionsOfOursFollowInAParagraphOfTheirOwn() throws IOException {
    String ours = answer(List.of("-h")).text().substring(resource("help.txt").length());
    assertThat(ours).startsWith("Options that nutcracker does not have:\n").endsWith("\n\n");
    for (NutcrackerOption option : NutcrackerOption.values()) {
      boolean nutcrackers = resource("help.txt").contains("--" + option.longName());
      assertThat(ours.contains("      --" + option.longName() + "=")).isEqualTo(!nutcrackers);
    }
    assertThat(ours).contains(NutcrackerOptions.BACKEND_NAMES);
    assertThat(ours.lines()).allMatch(line -> line.length() <= 100);
  }

  private static String lastSection(String text) {
    return text.substring(text.lastIndexOf("stats:\n") + "stats:\n".length());
  }

  @Test
  void versionNamesTheBackend() {
    assertThat(answer(List.of("-V", "--backend", "poll")).text())
        .isEqualTo("This is nutcracker-0.5.0\nasync event backend: poll\n\n");
  }

  @Test
  void startLines() {
    assertThat(NutcrackerTexts.startLine("Linux", "6.1.0", "amd64", 42))
        .isEqualTo("nutcracker-0.5.0 built for Linux 6.1.0 x86_64 started on pid 42");
    assertThat(NutcrackerTexts.RUN_LINE).startsWith("run, rabbit run / ").endsWith("another one");
    assertThat(NutcrackerTexts.DONE_LINE).isEqualTo("done, rabbit done");
  }
}
