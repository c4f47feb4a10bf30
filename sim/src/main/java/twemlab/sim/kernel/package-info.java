/// A simulated operating system: descriptors, stream sockets, readiness, memory, time and a
/// network, on one thread and in virtual time. `docs/simulator.md` describes it; the comments name
/// the rules of the readiness contract (T1, E5, ...) that a line obeys.
package twemlab.sim.kernel;
