/// The pages as a web site.
package twemlab.docs.site;
