/// What a kernel can give with the Java library alone, without a native call. Not exported:
/// [twemlab.event.Kernels] opens it.
package twemlab.event.kernel.jdk;
