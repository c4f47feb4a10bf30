/// The event machinery: event loop, event bases, transports, timers and mbufs, over one seam to the
/// operating system (`twemlab.event.kernel`). The real kernel is reached through `twemlab.event`
/// alone; the package that implements it is not exported.
module twemlab.event {
  exports twemlab.event;
  exports twemlab.event.kernel;
}
