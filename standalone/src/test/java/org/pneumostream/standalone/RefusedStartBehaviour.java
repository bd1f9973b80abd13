package org.pneumostream.standalone;

interface RefusedStartBehaviour {
  SecuredCluster cluster();
}
