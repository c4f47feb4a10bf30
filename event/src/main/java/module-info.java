/// The event machinery: event loop, event bases, transports, timers and mbufs, over one seam to the
/// operating system (`twemlab.event.kernel`). The real kernel is reached through
/// `twemlab.event.backend` alone; the packages that implement it and the transports are not
/// exported, so that what is public in them stays inside.
module twemlab.event {
  exports twemlab.event;
  exports twemlab.event.backend;
  exports twemlab.event.base;
  exports twemlab.event.kernel;
  exports twemlab.event.mbuf;
}
