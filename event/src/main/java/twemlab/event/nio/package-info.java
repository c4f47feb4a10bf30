/// The readiness transport on the channels and the selector of java.nio. Not exported.
package twemlab.event.nio;
