/// io_uring: the two rings, and the transport whose kernel reports what it has done. Not exported.
package twemlab.event.uring;
