/// The memcached and redis grammars: parsers over ranges of native memory, and nothing else.
module twemlab.protocol {
  exports twemlab.protocol;
  exports twemlab.protocol.command;
}
