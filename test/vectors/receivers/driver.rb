require_relative "webhook"

names = %w[webhook-id webhook-timestamp webhook-signature]
$stdin.each_line do |line|
  secret, *headers, body, now = line.split.map { |field| field == "-" ? nil : field.unpack1("m0") }
  puts verify(secret, names.zip(headers).to_h.compact, body, now.to_i)
end
