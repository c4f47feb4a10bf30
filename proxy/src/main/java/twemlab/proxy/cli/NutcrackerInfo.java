package twemlab.proxy.cli;

import java.nio.file.Path;
import twemlab.proxy.conf.Conf;
import twemlab.proxy.conf.ConfException;
import twemlab.proxy.conf.ConfFile;
import twemlab.proxy.conf.ConfWarnings;
import twemlab.proxy.conf.DescriptorNeeds;
import twemlab.proxy.conf.ListenCheck;

/// The command lines that end without a proxy: `-h`, `-V`, `-D` and `-t`.
///
/// @param text what to print on stderr
/// @param exitCode how the process ends
public record NutcrackerInfo(String text, int exitCode) {

  /// The answer to `-h`, `-V` and `-D`: always 0.
  public static NutcrackerInfo inform(NutcrackerOptions options) {
    return new NutcrackerInfo(NutcrackerTexts.information(options), 0);
  }

  /// The answer to a wrong command line: always 1.
  public static NutcrackerInfo misuse(UsageException e) {
    return new NutcrackerInfo(NutcrackerTexts.misuse(e), 1);
  }

  /// The answer to `-t`. nutcracker only says that a file is invalid (and says it twice); we say
  /// why, and warn of servers that would get no key, and of a limit of descriptors that would leave
  /// none to clients: that is of the process that serves, and this may be another.
  ///
  /// C counterpart `nc_test_conf`.
  ///
  /// @param listenCheck whether a listening host resolves
  /// @param descriptorLimit of this process
  public static NutcrackerInfo testConf(
      NutcrackerOptions options, ListenCheck listenCheck, int descriptorLimit) {
    String file = options.confFile();
    try {
      Conf conf = ConfFile.read(Path.of(file), listenCheck);
      StringBuilder text = new StringBuilder();
      ConfWarnings.of(conf).forEach(warning -> text.append(warning).append('\n'));
      var needs = DescriptorNeeds.of(conf);
      if (needs.total() >= descriptorLimit) {
        text.append("conf: ").append(needs.refusal(descriptorLimit)).append('\n');
      }
      text.append(NutcrackerTexts.confOk(file)).append('\n');
      return new NutcrackerInfo(text.toString(), 0);
    } catch (ConfException e) {
      return new NutcrackerInfo(invalid(e, file), 1);
    }
  }

  /// The lines for a refused file, as `-t` and a failed start print them.
  public static String invalid(ConfException e, String file) {
    return e.reason() + "\n" + e.detail() + "\n" + NutcrackerTexts.confInvalid(file) + "\n";
  }
}
