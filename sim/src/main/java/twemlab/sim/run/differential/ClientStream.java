package twemlab.sim.run.differential;

import java.util.List;
import twemlab.sim.run.differential.mirror.Pool;

/// All that one client does.
///
/// @param number in the campaign
/// @param kind in words, for the counts
/// @param pool that it connects to
/// @param faulty whether servers misbehave in it
record ClientStream(long number, String kind, Pool pool, boolean faulty, List<Step> steps) {}
