/// What the proxy asks of its kernel and gets from it, recorded call by call: a kernel around the
/// kernel, what the bytes mean, and the forms in which a trace is written. Nothing of it is there
/// unless a trace was asked for.
package twemlab.proxy.trace;
