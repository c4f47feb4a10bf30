/// The proxy beside nutcracker: both get the same bytes, before servers of their own, and whatever
/// differs must be a rule of `docs/deviations.md`.
package twemlab.sim.run.differential;
