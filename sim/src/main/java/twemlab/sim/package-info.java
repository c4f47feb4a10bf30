/// The simulated kernel, the models of clients and servers, and the scenarios that join them to the
/// unmodified proxy. Single-threaded and deterministic: everything is drawn from one seed.
package twemlab.sim;
