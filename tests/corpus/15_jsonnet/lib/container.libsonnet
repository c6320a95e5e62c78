function(name, image) { name: name, image: image, essential: true }
