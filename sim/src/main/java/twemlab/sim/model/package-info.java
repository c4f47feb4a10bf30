/// What the models of both servers share: bytes in, replies out.
package twemlab.sim.model;
