package org.pneumostream.standalone;

interface AccessBehaviour {
  SecuredCluster cluster();
}
