/// Event bases: the ways to wait for readiness, one class for each mechanism. C counterpart the
/// folder `event/`.
package twemlab.event.base;
