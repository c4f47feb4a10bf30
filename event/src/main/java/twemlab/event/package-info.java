/// The event loop and what it stands on: event bases, transports, timers and mbufs.
package twemlab.event;
