/// Which backends there are and in which order, and the real kernel behind its interface.
package twemlab.event.backend;
