/** Everything on one machine, with an embedded broker and registry. */
package org.pneumostream.standalone;
