function(image)
  assert std.length(image) > 0 : 'no image';
  { name: 'app', image: image }
