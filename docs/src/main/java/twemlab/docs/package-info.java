/// The documentation as a thing that is built and tested: quoted code and commands, links,
/// generated pages, and the site.
package twemlab.docs;
