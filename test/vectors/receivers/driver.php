<?php

require __DIR__ . '/webhook.php';

foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    $fields = array_map(fn ($field) => $field === '-' ? null : base64_decode($field, true), explode(' ', $line));
    $names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    $headers = array_filter(array_combine($names, array_slice($fields, 1, 3)), fn ($value) => $value !== null);
    echo verify($fields[0], $headers, $fields[4], (int) $fields[5]) ? "true\n" : "false\n";
}
