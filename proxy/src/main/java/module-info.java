/// twemproxy itself: instance, context, pools, connections, messages, stats and the command line. A
/// program for its own `main`, so that what is exported is for the simulator alone.
@SuppressWarnings("module") // the simulator is compiled after it
module twemlab.proxy {
  requires transitive twemlab.event;
  requires transitive twemlab.hashing;
  requires transitive twemlab.protocol;
  requires info.picocli;
  requires jdk.unsupported; // sun.misc.Signal, reached by name: see Signals
  requires org.snakeyaml.engine;

  exports twemlab.proxy to
      twemlab.sim;
  exports twemlab.proxy.cli to
      twemlab.sim;
  exports twemlab.proxy.conf to
      twemlab.sim;
  exports twemlab.proxy.log to
      twemlab.sim;
  exports twemlab.proxy.message to
      twemlab.sim;
  exports twemlab.proxy.process to
      twemlab.sim;
  exports twemlab.proxy.stats to
      twemlab.sim;
  exports twemlab.proxy.svg to
      twemlab.sim;
  exports twemlab.proxy.tool to
      twemlab.sim;
  exports twemlab.proxy.trace to
      twemlab.sim;

  // picocli fills the annotated fields.
  opens twemlab.proxy.tool to
      info.picocli;
}
