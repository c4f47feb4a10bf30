/// twemproxy itself: instance, context, pools, connections, messages, stats and the command line.
module twemlab.proxy {
  requires transitive twemlab.event;
  requires transitive twemlab.hashing;
  requires transitive twemlab.protocol;
  requires info.picocli;
  requires jdk.unsupported; // sun.misc.Signal, reached by name: see Signals
  requires org.snakeyaml.engine;

  exports twemlab.proxy;
  exports twemlab.proxy.cli;
  exports twemlab.proxy.command;
  exports twemlab.proxy.conf;
  exports twemlab.proxy.log;
  exports twemlab.proxy.stats;
  exports twemlab.proxy.trace;

  // picocli fills the annotated fields.
  opens twemlab.proxy.command to
      info.picocli;
}
