/// What all transports share: the states of a connection and of a listener, the work lists of a
/// turn, what is to be sent. Not exported.
package twemlab.event.stream;
