/// Coverage-guided fuzzing of the parsers and of the configuration: the properties, and the command
/// `twemlab fuzz` that runs Jazzer over them.
///
/// It stands in this module because Jazzer instruments classes on a class path, and because it
/// needs both the parsers and the proxy's configuration.
package twemlab.fuzz;
