/// The real kernel, reached through the foreign-function API. Not exported: [twemlab.event.Kernels]
/// opens it.
package twemlab.event.kernel.ffm;
