/// The event loop, its timers, and the two interfaces that the loop's users know: a transport, and
/// a channel of it.
package twemlab.event;
