/// One simulated run: the unmodified proxy between clients and servers that misbehave.
package twemlab.sim;
