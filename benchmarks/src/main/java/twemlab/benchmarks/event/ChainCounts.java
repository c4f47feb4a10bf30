package twemlab.benchmarks.event;

import java.util.ArrayList;
import java.util.List;
import twemlab.event.kernel.CallCounts;
import twemlab.event.kernel.Kernel;
import twemlab.sim.choice.SeededChoices;
import twemlab.sim.kernel.SimKernel;
import twemlab.sim.world.Settings;
import twemlab.sim.world.World;

/// What [PipeChain] and [InterestChurn] ask of a kernel, simulated for the event bases of other
/// systems: the shapes of the charts without a clock.
///
/// @param scanned entries that crossed the seam in waits, per event (see [ScanKernel])
/// @param waits per event
/// @param control calls that changed registrations, per event
/// @param calls all of them, per event
public record ChainCounts(
    Base base,
    int pairs,
    int active,
    InterestChurn.Change change,
    double scanned,
    double waits,
    double control,
    double calls) {

  /// Descriptors of select end below 1024.
  private static final int SELECT_PAIRS = 400;

  /// Whether a base can have so many.
  public static boolean fits(Base base, int pairs) {
    return base != Base.SELECT || pairs <= SELECT_PAIRS;
  }

  /// Counts on the simulated kernel of the system that a base is at home on.
  public static ChainCounts simulated(
      Base base, int pairs, int active, InterestChurn.Change change) {
    Settings settings =
        Settings.linux().withPlatform(base.platform()).withDescriptorLimit(2 * pairs + 64);
    Kernel kernel = new SimKernel(new World(settings, new SeededChoices(1)), "chain");
    return of(kernel, base, pairs, active, change);
  }

  /// Counts one run, after one that settles. The kernel is closed.
  static ChainCounts of(
      Kernel kernel, Base base, int pairs, int active, InterestChurn.Change change) {
    var scans = new ScanKernel(kernel);
    try (Chain chain = new Chain(pairs, receiver -> new BasePairs(scans, base, pairs, receiver))) {
      chain.settle();
      chain.whileRunning(change.on(chain.watched()), () -> {});
      run(chain, active);
      long scanned = scanned(base, scans, chain);
      CallCounts counts = scans.counts();
      long waits = counts.of(CallCounts.Call.WAIT);
      long control = counts.of(CallCounts.Call.CONTROL);
      long calls = counts.total();
      double events = run(chain, active);
      return new ChainCounts(
          base,
          pairs,
          active,
          change,
          (scanned(base, scans, chain) - scanned) / events,
          (counts.of(CallCounts.Call.WAIT) - waits) / events,
          (counts.of(CallCounts.Call.CONTROL) - control) / events,
          (counts.total() - calls) / events);
    }
  }

  private static int run(Chain chain, int active) {
    chain.start(active, PipeChain.writes(active));
    return chain.drain();
  }

  private static long scanned(Base base, ScanKernel kernel, Chain chain) {
    return base == Base.IO_URING_POLL ? chain.reported() : kernel.scanned();
  }

  /// Every base at every size that it can have.
  public static List<ChainCounts> all(List<Integer> sizes, int active) {
    List<ChainCounts> all = new ArrayList<>();
    for (Base base : Base.values()) {
      for (int pairs : sizes) {
        if (fits(base, pairs)) {
          all.add(simulated(base, pairs, active, InterestChurn.Change.NONE));
        }
      }
    }
    return all;
  }
}
