/// Drawings in Scalable Vector Graphics.
package twemlab.proxy.svg;
