import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Base64;
import java.util.HashMap;

final class Driver {
  public static void main(String[] arguments) throws Exception {
    var names = new String[] {"webhook-id", "webhook-timestamp", "webhook-signature"};
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      var fields = line.split(" ");
      var headers = new HashMap<String, String>();
      for (int index = 0; index < 3; index++) {
        if (!fields[index + 1].equals("-")) headers.put(names[index], text(fields[index + 1]));
      }
      var body = Base64.getDecoder().decode(fields[4]);
      System.out.println(Webhook.verify(text(fields[0]), headers, body, Long.parseLong(text(fields[5]))));
    }
  }

  private static String text(String field) {
    return new String(Base64.getDecoder().decode(field), UTF_8);
  }
}
