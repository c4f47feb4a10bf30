/// The transport that waits until a socket is ready, and then reads or writes it. Not exported.
package twemlab.event.readiness;
