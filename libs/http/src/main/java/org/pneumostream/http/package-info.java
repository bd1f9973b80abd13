/** HTTP for all services: listener, roles and tokens, limits, errors. */
package org.pneumostream.http;
