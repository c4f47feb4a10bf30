/// A simulated kernel and network under the real proxy, with models of its clients and servers.
/// Nothing is exported: its users are its own commands, and programs on the class path.
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

  // picocli fills the annotated fields.
  opens twemlab.sim.run.command to
      info.picocli;
  opens twemlab.sim.run.demo to
      info.picocli;
  opens twemlab.sim.run.differential to
      info.picocli;
  opens twemlab.sim.run.lanes to
      info.picocli;
  opens twemlab.sim.run.mutants to
      info.picocli;
  opens twemlab.sim.run.soak to
      info.picocli;
}
