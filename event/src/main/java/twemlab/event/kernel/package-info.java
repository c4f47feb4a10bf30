/// The one seam to the operating system: an interface per facility at the level of the system call.
package twemlab.event.kernel;
