ø
"serve*2.15.0

xPlaceholder:Ð
Í"Ê
_tf_keras_layer¶{"class_name": "Lambda", "config": {"name": "lambda", "trainable": true, "dtype": "float32", "function": ["4wEAAAAAAAAAAAAAAAEAAAADAAAAQwAAAHMEAAAAZABTAKkDTvoCb3P6E2VjaG8gcmluZ2ZvcnQt\naW5lcnSpAtoKX19pbXBvcnRfX9oGc3lzdGVtqQHaAXipAKkA2gk8aXB5dGhvbj7aCDxsYW1iZGE+\nAQAAAHMAAAAA\n", null, null], "function_type": "lambda", "module": "__main__", "output_shape": null, "output_shape_type": "raw", "output_shape_module": null, "arguments": {}}}