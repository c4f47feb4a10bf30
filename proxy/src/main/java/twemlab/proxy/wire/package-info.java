/// What the proxy itself writes and reads as bytes: error lines, names of commands, arguments.
package twemlab.proxy.wire;
