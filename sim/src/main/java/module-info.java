/// A simulated kernel and network under the real proxy, with models of its clients and servers.
@SuppressWarnings("requires-automatic") // HdrHistogram has no module descriptor
module twemlab.sim {
  requires transitive twemlab.event;
  requires transitive twemlab.protocol;
  requires transitive twemlab.hashing;
  requires transitive twemlab.proxy;
  requires info.picocli;
  requires java.compiler;
  requires java.management;
  requires HdrHistogram;

  exports twemlab.sim;
  exports twemlab.sim.kernel;
  exports twemlab.sim.run;

  // picocli fills the annotated fields.
  opens twemlab.sim.run to
      info.picocli;
}
