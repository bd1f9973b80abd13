package org.pneumostream.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The registry through its REST API, without our client. */
final class RegistryApi {
  private RegistryApi() {}

  static String compatibility(String registryUrl, String subject) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(registryUrl + "/config/" + subject)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    return new ObjectMapper().readTree(response.body()).path("compatibilityLevel").asText();
  }
}
