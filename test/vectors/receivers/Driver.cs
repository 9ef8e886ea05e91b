using System;
using System.Collections.Generic;
using System.Text;

static class Driver
{
    static void Main()
    {
        var names = new[] { "webhook-id", "webhook-timestamp", "webhook-signature" };
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine())
        {
            var fields = line.Split(' ');
            var headers = new Dictionary<string, string>();
            for (var index = 0; index < 3; index++)
            {
                if (fields[index + 1] != "-") headers[names[index]] = Text(fields[index + 1]);
            }
            var verified = Webhook.Verify(Text(fields[0]), headers, Convert.FromBase64String(fields[4]), long.Parse(Text(fields[5])));
            Console.WriteLine(verified ? "true" : "false");
        }
    }

    static string Text(string field) => Encoding.UTF8.GetString(Convert.FromBase64String(field));
}
